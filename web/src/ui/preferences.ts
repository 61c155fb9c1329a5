import { useState } from 'react';

/** What somebody prefers of a table; kept in the browser. */
export interface Preferences {
  readonly pageSize: number;
  readonly columns: readonly string[];
}

/** Preferences of the table with that name. */
export function usePreferences(table: string, initial: Preferences): [Preferences, (changed: Preferences) => void] {
  const key = `signet.table.${table}`;
  const [preferences, setPreferences] = useState(() => kept(key, initial));
  const change = (changed: Preferences): void => {
    localStorage.setItem(key, JSON.stringify(changed));
    setPreferences(changed);
  };
  return [preferences, change];
}

function kept(key: string, initial: Preferences): Preferences {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Preferences> | null;
    const { pageSize, columns } = value ?? {};
    return {
      pageSize: typeof pageSize === 'number' && pageSize > 0 ? pageSize : initial.pageSize,
      columns: Array.isArray(columns) ? columns.map(String) : initial.columns,
    };
  } catch {
    return initial;
  }
}
