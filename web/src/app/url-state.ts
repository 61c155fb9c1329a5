import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Values of the address's query; undefined or empty takes one out. */
export type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * State that is in the address, so that a link reproduces what is shown. Changes replace the entry in the browser's history:
 * going back leads to the page before, not to the sorting before.
 */
export function useUrlState(): [URLSearchParams, (changes: Values) => void] {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: Values) => setParams((before) => withChanges(before, changes), { replace: true }),
    [setParams],
  );
  return [params, change];
}

function withChanges(before: URLSearchParams, changes: Values): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changes)) {
    after.delete(name);
    for (const each of typeof value === 'string' ? [value] : (value ?? [])) if (each !== '') after.append(name, each);
  }
  return after;
}
