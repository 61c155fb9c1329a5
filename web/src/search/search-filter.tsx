import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useEffect, useRef } from 'react';
import type { Field } from './language';

/** What a filter is given. */
export interface FilterProps {
  readonly query: PropertyFilterProps.Query;
  readonly onChange: (query: PropertyFilterProps.Query) => void;
  readonly fields: readonly Field[];
  readonly options: readonly PropertyFilterProps.FilteringOption[];
  readonly label: string;
  readonly placeholder: string;
  readonly count: string;
  /** Why the filter cannot be read. */
  readonly fault: string | undefined;
}

const SIZES = ['=', '!=', '<', '<=', '>', '>='] as const;

const TIMES: readonly PropertyFilterProps.ExtendedOperator<string>[] = [
  { operator: '>=', description: 'Since', form: Day },
  { operator: '<', description: 'Before', form: Day },
];

/** The operators that the language has for a field, as the filter writes them. */
const OPERATORS: Readonly<Record<Field['takes'], PropertyFilterProps.FilteringProperty['operators']>> = {
  text: ['=', '!=', ':', '^'],
  list: [{ operator: '=', tokenType: 'enum' }, { operator: '!=', tokenType: 'enum' }, ':', '^'],
  number: SIZES,
  measure: [...SIZES, ':', '^'],
  time: TIMES,
};

function Day({ value, onChange }: PropertyFilterProps.ExtendedOperatorFormProps<string>) {
  return (
    <FormField constraintText="From midnight on, in universal time.">
      <DatePicker
        value={value ?? ''}
        placeholder="YYYY/MM/DD"
        openCalendarAriaLabel={(chosen) => (chosen ? `Choose a date, ${chosen} is chosen` : 'Choose a date')}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  );
}

/** A filter that speaks the language of the registry's searches. */
export default function SearchFilter(props: FilterProps & { readonly isFocused: boolean }) {
  const { query, onChange, fields, options, label, placeholder, count, fault, isFocused } = props;
  const field = useRef<PropertyFilterProps.Ref>(null);
  useEffect(() => {
    if (isFocused) field.current?.focus();
  }, [isFocused]);
  return (
    <FormField stretch errorText={fault}>
      <PropertyFilter
        ref={field}
        query={query}
        onChange={({ detail }) => onChange(detail)}
        filteringProperties={fields.map(({ key, label: propertyLabel, takes }) => ({
          key,
          propertyLabel,
          groupValuesLabel: `Values of ${propertyLabel}`,
          operators: OPERATORS[takes] ?? [],
          ...(takes === 'time' && { defaultOperator: '>=' as const }),
          ...(key.includes('.') && key === propertyLabel && { group: 'entries' }),
        }))}
        filteringOptions={options}
        customGroupsText={[{ group: 'entries', properties: 'Tags and values', values: 'Values' }]}
        freeTextFiltering={{ operators: [':'], defaultOperator: ':' }}
        // All conditions must hold: the language has no other way to join them.
        hideOperations
        expandToViewport
        filteringAriaLabel={label}
        filteringPlaceholder={placeholder}
        countText={count}
      />
    </FormField>
  );
}
