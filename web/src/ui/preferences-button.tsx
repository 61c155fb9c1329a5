import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import { useEffect, useRef } from 'react';
import type { Preferences } from './preferences';

interface Props {
  readonly preferences: Preferences;
  readonly onChange: (preferences: Preferences) => void;
  readonly columns: readonly { readonly id: string; readonly label: string }[];
  /** The column that cannot be hidden. */
  readonly fixed: string;
  /** Opens as soon as it is there: it was asked for before it was loaded. */
  readonly opensAtOnce: boolean;
}

const SIZES = [10, 20, 50, 100];

/** The gear above a table: page size and columns. */
export default function PreferencesButton({ preferences, onChange, columns, fixed, opensAtOnce }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (opensAtOnce) place.current?.querySelector('button')?.click();
  }, [opensAtOnce]);
  return (
    <div ref={place}>
      <CollectionPreferences
        title="Preferences"
        confirmLabel="Confirm"
        cancelLabel="Cancel"
        preferences={{ pageSize: preferences.pageSize, visibleContent: preferences.columns }}
        pageSizePreference={{
          title: 'Page size',
          options: SIZES.map((value) => ({ value, label: `${value} rows` })),
        }}
        visibleContentPreference={{
          title: 'Columns',
          options: [{ label: '', options: columns.map((each) => ({ ...each, editable: each.id !== fixed })) }],
        }}
        onConfirm={({ detail }) =>
          onChange({
            pageSize: detail.pageSize ?? preferences.pageSize,
            columns: detail.visibleContent ?? preferences.columns,
          })
        }
      />
    </div>
  );
}
