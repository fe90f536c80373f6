/**
 * Remembers what has the focus and answers how to give it back. An item of a menu is gone by then: its menu's
 * button gets it. When that is gone too, the page's main part does, so that the keyboard is not back at the start.
 */
export function rememberFocus(document: Document): () => void {
  const active = document.activeElement;
  const menu = active?.closest('[role="menu"]');
  const buttonId = menu?.getAttribute("aria-labelledby");
  const target = buttonId ? document.getElementById(buttonId) : active;
  return () => {
    if (target instanceof HTMLElement && target.isConnected && target !== document.body) return target.focus();
    const main = document.querySelector("main");
    if (!main) return;
    if (!main.hasAttribute("tabindex")) main.setAttribute("tabindex", "-1");
    main.focus({ preventScroll: true });
  };
}
