// Notes when the address and the heading of what is shown change: the truth that the tag's times are
// compared with. It stands before the tag in each page, and takes no part in the page.
(() => {
  if (window.__marks) return;
  const marks = [];
  Object.defineProperty(window, "__marks", { value: marks });
  const known = {};
  const note = (kind, value) => {
    if (!value || known[kind] === value) return;
    known[kind] = value;
    marks.push({ kind, value, at: performance.timeOrigin + performance.now() });
  };
  const look = () => {
    note("address", location.pathname);
    note("heading", document.querySelector("h1")?.textContent);
  };
  new MutationObserver(look).observe(document, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  // Nothing tells of an address that a script has changed in every engine.
  setInterval(look, 5);
  look();
})();
