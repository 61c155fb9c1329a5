import type { InputOf, OutputOf } from '../../../client/api';
import type { TagRow } from '../ui/tags-field';
import { rowsOf, tagsOf } from '../ui/tags-field';

/** A revision of a model card as it is read by itself. */
export type Card = OutputOf<'getModelCardRevision'>;
export type CardInput = NonNullable<InputOf<'putModelCard'>['body']>;

/** A field of a card: a name, or prose in markdown. */
interface Field {
  readonly name: string;
  readonly label: string;
  readonly isProse: boolean;
}

interface Section {
  readonly name: 'modelOverview' | 'intendedUses' | 'businessDetails' | 'trainingDetails' | 'additionalInformation';
  readonly title: string;
  readonly fields: readonly Field[];
}

const prose = (name: string, label: string): Field => ({ name, label, isProse: true });
const word = (name: string, label: string): Field => ({ name, label, isProse: false });

/** Sections of a card and their fields, in the order in which they are read. */
export const SECTIONS: readonly Section[] = [
  {
    name: 'modelOverview',
    title: 'Overview',
    fields: [
      prose('modelDescription', 'Description'),
      word('problemType', 'Problem'),
      word('algorithmType', 'Algorithm'),
      word('modelCreator', 'Made by'),
      word('modelOwner', 'Owner'),
    ],
  },
  {
    name: 'intendedUses',
    title: 'Intended uses',
    fields: [
      prose('purposeOfModel', 'Purpose'),
      prose('intendedUses', 'Uses'),
      prose('factorsAffectingModelEfficiency', 'What makes it better or worse'),
      prose('explanationsForRiskRating', 'Why the risk is rated so'),
    ],
  },
  {
    name: 'businessDetails',
    title: 'Business',
    fields: [
      prose('businessProblem', 'Problem of the business'),
      prose('businessStakeholders', 'Who depends on it'),
      word('lineOfBusiness', 'Line of business'),
    ],
  },
  {
    name: 'trainingDetails',
    title: 'Training',
    fields: [prose('objectiveFunction', 'Objective'), prose('trainingObservations', 'Observations')],
  },
  {
    name: 'additionalInformation',
    title: 'Considerations',
    fields: [
      prose('ethicalConsiderations', 'Ethical considerations'),
      prose('caveatsAndRecommendations', 'Caveats and recommendations'),
    ],
  },
];

/** Where a field is in a card, as the registry names it. */
export function pathOf(section: Section, field: Field): string {
  return `${section.name}.${field.name}`;
}

/** What a field of a card says. */
export function textOf(card: Card, section: Section, field: Field): string | undefined {
  const text = (card[section.name] as Readonly<Record<string, unknown>> | undefined)?.[field.name];
  return typeof text === 'string' ? text : undefined;
}

/** The custom details of a card. */
export function detailsOf(card: Card): Readonly<Record<string, string>> {
  return card.additionalInformation?.customDetails ?? {};
}

/** A card while it is edited: every field has a text. */
export interface Draft {
  readonly status: Card['status'];
  readonly riskRating: Card['riskRating'];
  /** By their paths. */
  readonly texts: Readonly<Record<string, string>>;
  readonly details: readonly TagRow[];
}

/** A card as it is edited; another one than a revision that is final starts as a draft again. */
export function draftOf(card: Card | undefined): Draft {
  const entries = SECTIONS.flatMap((section) =>
    section.fields.map((field) => [pathOf(section, field), (card && textOf(card, section, field)) ?? ''] as const),
  );
  const isFinal = card?.status === 'Approved' || card?.status === 'Archived';
  return {
    status: card && !isFinal ? card.status : 'Draft',
    riskRating: card?.riskRating ?? 'Unknown',
    texts: Object.fromEntries(entries),
    details: card ? rowsOf(detailsOf(card)) : [],
  };
}

/** The card that a draft means. Empty fields are left out. */
export function bodyOf({ status, riskRating, texts, details }: Draft, reason: string): CardInput {
  const sections = SECTIONS.map((section) => {
    const said = section.fields.map((field) => [field.name, texts[pathOf(section, field)] ?? ''] as const);
    return [section.name, Object.fromEntries(said.filter(([, text]) => text.trim() !== ''))] as const;
  });
  const body = { status, riskRating, ...(reason && { reason }), ...Object.fromEntries(sections) } as CardInput;
  const customDetails = tagsOf(details);
  return { ...body, additionalInformation: { ...body.additionalInformation, customDetails } };
}

/** What differs between two revisions: each field with what it said and says. */
export function differencesOf(before: Card | undefined, after: Card) {
  const [old, now] = [before ? said(before) : new Map<string, string>(), said(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((label) => old.get(label) !== now.get(label))
    .map((label) => ({ label, before: old.get(label), after: now.get(label) }));
}

function said(card: Card): Map<string, string> {
  const texts = SECTIONS.flatMap((section) =>
    section.fields.flatMap((field) => {
      const text = textOf(card, section, field);
      return text === undefined ? [] : [[`${section.title}: ${field.label}`, text] as const];
    }),
  );
  const details = Object.entries(detailsOf(card)).map(([name, text]) => [`Details: ${name}`, text] as const);
  return new Map([['Status', card.status], ['Risk', card.riskRating], ...texts, ...details]);
}
