// The install page: tabs and copy buttons. Without it all is shown, and selected by hand.
"use strict";

for (const tabs of document.querySelectorAll("[data-tabs]")) {
  const list = tabs.querySelector('[role="tablist"]');
  const buttons = [...list.children];

  function choose(chosen) {
    for (const button of buttons) {
      const isChosen = button === chosen;
      button.setAttribute("aria-selected", String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
      document.getElementById(button.getAttribute("aria-controls")).hidden = !isChosen;
    }
  }

  function move(event) {
    const at = buttons.indexOf(event.target);
    const place = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const button = buttons.at(place % buttons.length);
    button.focus();
    choose(button);
  }

  for (const button of buttons) button.addEventListener("click", () => choose(button));
  for (const panel of tabs.querySelectorAll(".panel")) panel.setAttribute("role", "tabpanel");
  list.addEventListener("keydown", move);
  list.hidden = false;
  tabs.classList.add("tabbed");
  choose(buttons[0]);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const code = button.parentElement.querySelector("code");

  async function copy() {
    try {
      await navigator.clipboard.writeText(code.textContent + "\n");
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code); // no clipboard here: one keystroke is left to do
      button.textContent = "Selected";
    }
  }

  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", copy);
  button.addEventListener("blur", () => (button.textContent = "Copy"));
  button.parentElement.classList.add("with-copy");
  button.hidden = false;
}
