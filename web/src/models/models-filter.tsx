import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useEffect, useRef } from 'react';
import { FILTER_LABEL, FILTER_PLACEHOLDER } from './filter';

type Props = Pick<PropertyFilterProps, 'query' | 'onChange' | 'filteringProperties' | 'filteringOptions'> & {
  readonly count: number;
  /** Whether somebody is about to write. */
  readonly isFocused: boolean;
};

/** The filter of the models. */
export default function ModelsFilter({ count, isFocused, ...props }: Props) {
  const field = useRef<PropertyFilterProps.Ref>(null);
  useEffect(() => {
    if (isFocused) field.current?.focus();
  }, [isFocused]);
  return (
    <PropertyFilter
      {...props}
      ref={field}
      expandToViewport
      filteringAriaLabel={FILTER_LABEL}
      filteringPlaceholder={FILTER_PLACEHOLDER}
      countText={count === 1 ? '1 match' : `${count} matches`}
      customGroupsText={[{ group: 'tags', properties: 'Tags', values: 'Values of tags' }]}
    />
  );
}
