import * as z from 'zod';
import { CARD_STATUSES, RISK_RATINGS } from '../core/domain/assessment-terms';
import { LIMITS } from '../core/domain/limits';
import { once } from './once';
import { actor, map, text, timestamp } from './schemas';

export const cardStatus = once(() => z.enum(CARD_STATUSES));
export const riskRating = once(() => z.enum(RISK_RATINGS));

const prose = once(() => text(LIMITS.cardProse).optional().describe('Markdown.'));
const name = once(() => text(LIMITS.cardName).optional());

/** Sections of a card, with the fields of SageMaker's schema of model cards in camel case. */
const sections = once(() => ({
  modelOverview: z
    .strictObject({
      modelDescription: prose(),
      problemType: name().describe('Such as Binary Classification.'),
      algorithmType: name(),
      modelCreator: name(),
      modelOwner: name(),
    })
    .optional(),
  intendedUses: z
    .strictObject({
      purposeOfModel: prose(),
      intendedUses: prose(),
      factorsAffectingModelEfficiency: prose(),
      explanationsForRiskRating: prose(),
    })
    .optional(),
  businessDetails: z
    .strictObject({ businessProblem: prose(), businessStakeholders: prose(), lineOfBusiness: name() })
    .optional(),
  trainingDetails: z.strictObject({ objectiveFunction: prose(), trainingObservations: prose() }).optional(),
  additionalInformation: z
    .strictObject({
      ethicalConsiderations: prose(),
      caveatsAndRecommendations: prose(),
      customDetails: map(text(LIMITS.cardProse)).optional(),
    })
    .optional(),
}));

/** What callers say of a card; what they leave out is empty. */
export const cardInput = once(() => ({
  status: cardStatus().default('Draft').describe('Approved takes the right approve.'),
  riskRating: riskRating().default('Unknown'),
  ...sections(),
}));

const identity = once(() => ({
  version: z.int(),
  revision: z.int().min(1).describe('1, 2, 3 … without gaps. A revision never changes.'),
  status: cardStatus(),
  riskRating: riskRating(),
  reason: z.string().optional(),
  createdAt: timestamp(),
  createdBy: actor(),
}));

export const modelCard = once(() =>
  z
    .strictObject({ workspace: z.string(), model: z.string(), ...identity(), ...sections() })
    .meta({ id: 'ModelCard', description: 'A revision of the model card of a version.' }),
);

export const modelCardRow = once(() =>
  z
    .strictObject({ ...identity(), omitted: z.array(z.string()).optional() })
    .meta({ id: 'ModelCardRow', description: 'A revision of a model card in a list, without what it says.' }),
);

/** The number of a revision in a path. */
export const cardRevision = once(() =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,9}$/, 'a whole number from 1 to 9999999999')
    .transform(Number),
);
