import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';

const KEY = 'signet.theme';

/** What somebody chose: light, dark, or what the system says. */
export type Theme = 'light' | 'dark' | 'system';

const listeners = new Set<() => void>();
const system = window.matchMedia('(prefers-color-scheme: dark)');
system.addEventListener('change', apply);

function chosen(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

function apply(): void {
  const dark = chosen() === 'dark' || (chosen() === 'system' && system.matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
}

/** Shows the page as it was chosen last. */
export function startTheme(): void {
  apply();
}

/** Chooses how the page is shown from now on. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  apply();
  for (const listener of listeners) listener();
}

/** How the page is shown. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);
}
