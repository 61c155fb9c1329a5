import { characters } from './json';

/** Control, formatting, private and unpaired characters and line ends: what could break a header or hide what is shown. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\s]+/gu;

/**
 * A text as a mail shows it, on one line and no longer than so many characters: nothing in it can start a line, a header,
 * or reorder what is around it.
 */
export function shown(text: string, longest: number): string {
  const plain = text.replace(UNSEEN, ' ').trim();
  return characters(plain) <= longest ? plain : `${[...plain].slice(0, longest - 1).join('')}…`;
}

/** A text as HTML that shows it: no tag, no entity and no end of an attribute's value is left in it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
