import type { NumberKey, TextKey } from './row';

export const TEXT_OPS = ['=', '!=', 'LIKE', 'ILIKE'] as const;
export type TextOp = (typeof TEXT_OPS)[number];

export const NUMBER_OPS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type NumberOp = (typeof NUMBER_OPS)[number];

type Of<Entity extends string, Key extends string> = { readonly entity: Entity; readonly key: Key };

/** Compares with one text. */
export type TextCondition = (Of<'attribute', TextKey> | Of<'tag' | 'param' | 'metadata', string>) & {
  readonly compares: 'text';
  readonly op: TextOp;
  readonly value: string;
};

/** Compares with several texts. */
export type ListCondition = Of<'attribute', TextKey> & {
  readonly compares: 'list';
  readonly op: 'IN';
  readonly value: readonly string[];
};

/** Compares with a number. */
export type NumberCondition = (Of<'attribute', NumberKey> | Of<'metric' | 'param' | 'metadata', string>) & {
  readonly compares: 'number';
  readonly op: NumberOp;
  readonly value: number;
};

/** One comparison of a filter, checked: its key exists and takes its comparator and value. All of a filter must hold. */
export type Condition = TextCondition | ListCondition | NumberCondition;
