import { IS_PROMPT } from '../domain/prompt';
import type { Condition } from './condition';
import { type Matcher, matcherOf } from './matches';
import { entry, type Row } from './row';

/** Whether a model or version is a prompt by its own tags. */
export function isPrompt(row: Row): boolean {
  return entry(row.tags, IS_PROMPT) === 'true';
}

const isOnPromptTag = ({ entity, key }: Condition): boolean => entity === 'tag' && key === IS_PROMPT;

/** Whether the first condition on the tag asks for prompts; the case of its value does not matter for that. */
function asksForPrompts(conditions: readonly Condition[]): boolean {
  const first = conditions.find(isOnPromptTag);
  if (first?.compares !== 'text') return false;
  const value = first.value.toLowerCase();
  return (first.op === '=' && value === 'true') || (first.op === '!=' && value === 'false');
}

/** The filter of one of MLflow's searches. */
export interface MlflowFilter {
  readonly conditions: readonly Condition[];
  /** Whether prompts are found; else they are not. */
  readonly prompts: boolean;
}

/**
 * Reads what the filter of one of MLflow's searches says of prompts. They are found only where it asks for them, and then
 * by its conditions as they are; anything else said of the tag only means models, and is dropped.
 */
export function mlflowFilter(conditions: readonly Condition[]): MlflowFilter {
  if (asksForPrompts(conditions)) return { conditions, prompts: true };
  return { conditions: conditions.filter((condition) => !isOnPromptTag(condition)), prompts: false };
}

/**
 * Compiles the filter of one of MLflow's searches.
 * @param prompt whether a row is a prompt; of versions MLflow holds those whose name has any prompt version
 */
export function mlflowMatcher(conditions: readonly Condition[], prompt: Matcher = isPrompt): Matcher {
  const filter = mlflowFilter(conditions);
  const matches = matcherOf(filter.conditions);
  return filter.prompts ? matches : (row) => !prompt(row) && matches(row);
}
