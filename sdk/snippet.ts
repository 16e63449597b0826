/**
 * Entry: the stub that a client pastes. It queues calls until the tag is there and loads the tag
 * without holding the page up. ES5, for it must parse wherever the page does.
 */
import type { Stub } from "./calls";

/** Trusted Types (W3C), as far as the stub needs them. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(url: string): string };
}

(function (globals: Record<string, unknown>, name: string) {
  var present = globals[name] as Stub | undefined;
  if (present && present.q) return;
  var stub = (globals[name] = function () {
    stub.q.push(arguments);
  } as Stub);
  stub.q = [];
  try {
    stub.t = performance.now();
    var own = document.currentScript;
    var script = document.createElement("script");
    var url = CONFIG.script;
    var types = globals.trustedTypes as TrustedTypes | undefined;
    script.async = true;
    if (own) script.nonce = own.nonce;
    if (CONFIG.integrity) {
      script.integrity = CONFIG.integrity;
      script.crossOrigin = "anonymous";
    }
    if (types) {
      // The policy makes this one address and no other, so nobody else can use it for theirs.
      var rules = {
        createScriptURL: function () {
          return CONFIG.script;
        },
      };
      url = types.createPolicy(name, rules).createScriptURL("");
    }
    script.src = url;
    (document.head || document.documentElement).appendChild(script);
  } catch (refused) {
    // A page that allows no such policy, or no script of ours, goes on without the tag.
  }
})(window as unknown as Record<string, unknown>, CONFIG.brand);
