/** Something that one version holds at a time, and whose holders are remembered. */
export type Slot = { readonly stage: string } | { readonly alias: string };

/** Whether two name the same stage or alias. */
export function sameSlot(a: Slot, b: Slot): boolean {
  return 'stage' in a ? 'stage' in b && a.stage === b.stage : 'alias' in b && a.alias === b.alias;
}

/** A stage or an alias in words: `stage Production`, `alias champion`. */
export function slotWords(slot: Slot): string {
  return 'stage' in slot ? `stage ${slot.stage}` : `alias ${slot.alias}`;
}
