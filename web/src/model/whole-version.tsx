import type { ReactNode } from 'react';
import { useRead } from '../app/calls';
import { NotRead } from '../ui/not-read';
import type { VersionRow } from './types';

interface Props {
  readonly row: VersionRow;
  /** The field that is shown. */
  readonly field: keyof VersionRow;
  readonly children: (version: VersionRow) => ReactNode;
}

/** Shows a field of a version in a list. Lists leave out what is large and name it; then the version itself is read. */
export function WholeVersion({ row, field, children }: Props) {
  const isLeftOut = row.omitted?.includes(field) === true;
  const params = { model: row.model, version: row.version };
  const { data, error } = useRead('getVersion', { params }, { enabled: isLeftOut, isAside: true });
  if (!isLeftOut) return children(row);
  return data ? children(data) : <NotRead error={error} />;
}
