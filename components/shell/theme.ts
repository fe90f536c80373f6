import { useSyncExternalStore } from "react";

/** `system` follows prefers-color-scheme. public/theme.js sets the same class before the page is drawn. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "theme";
const listeners = new Set<() => void>();
/** what this tab chose when nothing can be stored */
let unstored: Theme = "system";

function read(): Theme {
  try {
    const stored = localStorage.getItem(storageKey);
    return themes.find((theme) => theme === stored) ?? unstored;
  } catch {
    return unstored;
  }
}

function show(theme: Theme): void {
  const { classList } = document.documentElement;
  classList.remove("light", "dark");
  if (theme !== "system") classList.add(theme);
}

function tellAll(): void {
  show(read());
  for (const listener of listeners) listener();
}

function onStorage(event: StorageEvent): void {
  if (event.key === storageKey || event.key === null) tellAll();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("storage", onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("storage", onStorage);
  };
}

/** The chosen theme, kept in this browser and the same in all its tabs. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, read, () => "system" as const);
}

export function setTheme(theme: Theme): void {
  unstored = theme;
  try {
    if (theme === "system") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, theme);
  } catch {
    // This tab remembers.
  }
  tellAll();
}
