import Skeleton from '@cloudscape-design/components/skeleton';
import type { ReactNode } from 'react';
import { useRead } from '../app/calls';
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
  const { data, isPending } = useRead('getVersion', { params }, { enabled: isLeftOut });
  if (!isLeftOut) return children(row);
  return isPending ? <Skeleton width="5em" /> : children(data ?? row);
}
