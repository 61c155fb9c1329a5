import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

interface Props<Item> {
  readonly items: readonly Item[];
  readonly onChange: (items: readonly Item[]) => void;
  /** What is added. */
  readonly blank: Item;
  readonly add: string;
  /** What one of them is called, such as `question`. */
  readonly name: string;
  readonly most: number;
  readonly children: (item: Item, set: (change: Partial<Item>) => void, index: number) => ReactNode;
}

/** Edits a list of things, each with several fields. */
export function ListEditor<Item extends object>({ items, onChange, blank, add, name, most, children }: Props<Item>) {
  const set = (index: number) => (change: Partial<Item>) =>
    onChange(items.map((item, at) => (at === index ? { ...item, ...change } : item)));
  return (
    <SpaceBetween size="s">
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no other identity while they are edited.
        <div key={index} className="signet-item">
          <SpaceBetween size="s">
            {children(item, set(index), index)}
            <Box textAlign="right">
              <Button
                variant="inline-link"
                formAction="none"
                ariaLabel={`Remove ${name} ${index + 1}`}
                onClick={() => onChange(items.filter((_, at) => at !== index))}
              >
                Remove
              </Button>
            </Box>
          </SpaceBetween>
        </div>
      ))}
      <Button
        iconName="add-plus"
        formAction="none"
        disabled={items.length >= most}
        disabledReason={`At most ${most}.`}
        onClick={() => onChange([...items, blank])}
      >
        {add}
      </Button>
    </SpaceBetween>
  );
}
