import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';

type Props = Pick<PropertyFilterProps, 'query' | 'onChange' | 'filteringProperties' | 'filteringOptions'> & {
  readonly count: number;
};

/** The filter of the models. */
export default function ModelsFilter({ count, ...props }: Props) {
  return (
    <PropertyFilter
      {...props}
      expandToViewport
      filteringAriaLabel="Filter the models"
      filteringPlaceholder="Filter by name, owner, state or tag"
      countText={count === 1 ? '1 match' : `${count} matches`}
      customGroupsText={[{ group: 'tags', properties: 'Tags', values: 'Values of tags' }]}
    />
  );
}
