// Node's side of minifier.py: a request in each line that comes in, its answer in a line that goes out.
const { createInterface } = require("node:readline");

const HOW = {
  compress: {
    ecma: 2020,
    passes: 2, // a third finds nothing more
    hoist_vars: true, // declarations that stand together compress better
    unsafe_arrows: true, // unsafe for whoever calls a function with `new`
  },
  ecma: 2020,
  mangle: { toplevel: true },
};

// At once, for loading takes longer than all that is asked for; whoever asks hears that it failed.
let swc, failure;
try {
  swc = require("@swc/core");
} catch (error) {
  failure = error;
}

// The stub must parse wherever the page does, and a function of a page's is called as the page likes.
const HOW_ES5 = { compress: { ecma: 5, passes: 2 }, ecma: 5, mangle: { toplevel: true } };

function answer({ id, code, map, module, es5 }) {
  try {
    if (failure) throw failure;
    // Of a map, swc makes one from its own output to the sources.
    const sourceMap = map ? { content: map } : false;
    return { id, ...swc.minifySync(code, { ...(es5 ? HOW_ES5 : HOW), module, sourceMap }) };
  } catch (error) {
    return { id, error: error.message.split("\n", 1)[0] };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  console.log(JSON.stringify(answer(JSON.parse(line))));
});
