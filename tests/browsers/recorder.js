// Keeps a page's problems in a list for the suite to take. The first script of every page.
(() => {
  if (window.__problems) return;
  const problems = [];
  Object.defineProperty(window, "__problems", { value: problems });
  const note = (kind, text) => problems.push({ kind, text: String(text) });
  addEventListener("error", (event) => note("error", event.message));
  addEventListener("unhandledrejection", (event) => note("rejection", event.reason));
  addEventListener("securitypolicyviolation", (event) =>
    note("policy", `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
  );
  for (const level of ["error", "warn"]) {
    const tell = console[level];
    console[level] = (...parts) => {
      note(`console.${level}`, parts.join(" "));
      tell.apply(console, parts);
    };
  }
})();
