import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { ModelItem } from './model-list';

/** How the filter is called, and what it says while it is empty. */
export const FILTER_LABEL = 'Filter the models';
export const FILTER_PLACEHOLDER = 'Filter by name, owner, state or tag';

const TEXT = [':', '!:', '=', '!=', '^'] as const;

/** What the models can be filtered by: their fields, and every tag that one of them has. */
export function propertiesOf(models: readonly ModelItem[]): PropertyFilterProps.FilteringProperty[] {
  const tags = [...new Set(models.flatMap(({ tags = {} }) => Object.keys(tags)))].sort();
  return [
    { key: 'name', propertyLabel: 'Name', groupValuesLabel: 'Names', operators: [...TEXT] },
    { key: 'owner', propertyLabel: 'Owner', groupValuesLabel: 'Owners', operators: [...TEXT] },
    { key: 'state', propertyLabel: 'State', groupValuesLabel: 'States', operators: ['=', '!='] },
    { key: 'description', propertyLabel: 'Description', groupValuesLabel: 'Descriptions', operators: [':', '!:'] },
    ...tags.map((tag) => ({
      key: `tag.${tag}`,
      propertyLabel: `Tag ${tag}`,
      groupValuesLabel: `Values of ${tag}`,
      group: 'tags',
      operators: [...TEXT],
    })),
  ];
}

/** The beginning of the name that a filter asks for, where the registry can narrow the list down by it. */
export function prefixOf({ tokens, operation }: PropertyFilterProps.Query): string | undefined {
  const starts = tokens.filter(({ propertyKey, operator }) => propertyKey === 'name' && operator === '^');
  const isNeeded = operation === 'and' || tokens.length === 1;
  return isNeeded && starts[0] ? String(starts[0].value) : undefined;
}
