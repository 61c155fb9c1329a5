import type { CardStatus, RiskRating } from './assessment-terms';
import { invalid } from './errors';
import { type Difference, differenceBetween } from './event';
import { canonicalJson } from './json';
import { LIMITS } from './limits';
import type { Actor } from './principal';
import { checkEntitySize } from './version';

/**
 * What a card says. Sections and fields are those of SageMaker's schema of model cards, in camel case; metrics, hyper-parameters,
 * datasets and containers stay where a version has them, and evaluations are records of their own. Prose is Markdown.
 */
export interface CardContent {
  readonly riskRating: RiskRating;
  readonly modelOverview?: {
    readonly modelDescription?: string;
    readonly problemType?: string;
    readonly algorithmType?: string;
    readonly modelCreator?: string;
    readonly modelOwner?: string;
  };
  readonly intendedUses?: {
    readonly purposeOfModel?: string;
    readonly intendedUses?: string;
    readonly factorsAffectingModelEfficiency?: string;
    readonly explanationsForRiskRating?: string;
  };
  readonly businessDetails?: {
    readonly businessProblem?: string;
    readonly businessStakeholders?: string;
    readonly lineOfBusiness?: string;
  };
  readonly trainingDetails?: {
    readonly objectiveFunction?: string;
    readonly trainingObservations?: string;
  };
  readonly additionalInformation?: {
    readonly ethicalConsiderations?: string;
    readonly caveatsAndRecommendations?: string;
    readonly customDetails?: Readonly<Record<string, string>>;
  };
}

/** Sections of a card, in the order in which it is read. */
export const CARD_SECTIONS = [
  'modelOverview',
  'intendedUses',
  'businessDetails',
  'trainingDetails',
  'additionalInformation',
] as const satisfies readonly (keyof CardContent)[];

/** One revision of the card of a version. It never changes: whoever changes the card adds the next one. */
export interface ModelCard extends CardContent {
  readonly version: number;
  /** 1, 2, 3 … without gaps. */
  readonly revision: number;
  readonly status: CardStatus;
  /** Why it was changed. */
  readonly reason?: string;
  readonly createdAt: string;
  readonly createdBy: Actor;
}

/** What a card says, without what is empty: a section with no field says as much as no section. */
export function contentOfCard(said: CardContent): CardContent {
  const sections = CARD_SECTIONS.map((section) => {
    const fields = Object.entries(said[section] ?? {}).filter(([, value]) => !isBlank(value));
    return [section, Object.fromEntries(fields)] as const;
  }).filter(([, fields]) => Object.keys(fields).length > 0);
  return { riskRating: said.riskRating, ...Object.fromEntries(sections) };
}

function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** The text whose SHA-256 tells what a card says. */
export function cardText(content: CardContent): string {
  return canonicalJson(contentOfCard(content));
}

/**
 * Checks what a card says, as far as its shape does not show it.
 * @throws RegistryError invalid_input, limit_exceeded
 */
export function checkCard(content: CardContent, field: string): void {
  const details = content.additionalInformation?.customDetails ?? {};
  const at = `${field}.additionalInformation.customDetails`;
  const entries = Object.keys(details).length;
  if (entries > LIMITS.cardDetails) throw invalid(at, entries, `at most ${LIMITS.cardDetails} entries`);
  for (const name of Object.keys(details)) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== '__proto__') continue;
    throw invalid(`${at}.${name}`, name, 'letters, digits and _, not starting with a digit');
  }
  checkEntitySize(content, field);
}

/** What one revision changes of the one before, field by field. */
export function cardDifference(before: ModelCard | undefined, after: ModelCard): Difference {
  return differenceBetween(before ?? {}, after, ['revision', 'status', 'riskRating', ...CARD_SECTIONS], CARD_SECTIONS);
}
