import type { CardStatus, RiskRating } from './assessment-terms';

/** What a version says of its card, so that lists and policies need not read it. */
export interface CardSummary {
  readonly revision: number;
  readonly status: CardStatus;
  readonly riskRating: RiskRating;
  /** SHA-256 of what the newest revision says, whatever its status: what reviewers of the version have seen. */
  readonly contentDigest: string;
}
