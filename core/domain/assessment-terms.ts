/** Words of model cards and evaluations that callers use too. */

/** How a card stands, in the words of SageMaker Model Cards (`ModelCardStatus`). */
export const CARD_STATUSES = ['Draft', 'PendingReview', 'Approved', 'Archived'] as const;
export type CardStatus = (typeof CARD_STATUSES)[number];

/** How much harm a model can do, in the words of SageMaker Model Cards (`risk_rating`), from the least to the most. */
export const RISK_RATINGS = ['Unknown', 'Low', 'Medium', 'High'] as const;
export type RiskRating = (typeof RISK_RATINGS)[number];

/** Ratings of models that somebody rated. */
export const RATED_RISKS = ['Low', 'Medium', 'High'] as const satisfies readonly RiskRating[];

/** What an evaluation came to; `none` where it only measures. */
export const EVALUATION_OUTCOMES = ['passed', 'failed', 'none'] as const;
export type EvaluationOutcome = (typeof EVALUATION_OUTCOMES)[number];
