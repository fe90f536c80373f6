// Runs before anything is drawn, so that a chosen theme does not flash in as the other one.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") document.documentElement.classList.add(theme);
  } catch {
    // Storage may be forbidden: the system's theme stands.
  }
})();
