import { isObject, type JsonObject } from '../template';
import type { EndpointConfig } from './records';

/** A variant as its configuration describes it. */
export type Variant = JsonObject & { readonly VariantName: string; readonly ModelName: string };

/** The variants of a configuration: those that answer, or those that only get copies of requests. */
export function variantsOf(
  { input }: EndpointConfig,
  kind: 'ProductionVariants' | 'ShadowProductionVariants',
): Variant[] {
  const variants = input[kind];
  return Array.isArray(variants) ? (variants.filter(isObject) as Variant[]) : [];
}

/** Its weight among the variants; serverless ones and those of one variant alone have none. */
export function weightOf(variant: Variant): number {
  return Number(variant['InitialVariantWeight'] ?? 1);
}

/** The variant that answers a request. @param at a number from 0 to 1, exclusive */
export function chosenVariant(variants: readonly Variant[], at: number): Variant | undefined {
  const total = variants.reduce((sum, variant) => sum + weightOf(variant), 0);
  let left = at * total;
  for (const variant of variants) {
    left -= weightOf(variant);
    if (left < 0) return variant;
  }
  return variants.at(-1);
}
