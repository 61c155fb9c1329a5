import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { NEW_VARIANT, type VariantForm } from './target-fields';

interface Props {
  readonly variants: readonly VariantForm[];
  readonly stages: readonly string[];
  readonly onChange: (variants: readonly VariantForm[]) => void;
  readonly wrong: (field: string) => string | undefined;
}

const TRAFFIC = [
  { value: 'shadow', label: 'Shadow' },
  { value: 'weighted', label: 'Weighted' },
];

/** Further variants of an endpoint, which run the versions of other stages. */
export function VariantsField({ variants, stages, onChange, wrong }: Props) {
  const set = (index: number, change: Partial<VariantForm>) =>
    onChange(variants.map((variant, at) => (at === index ? { ...variant, ...change } : variant)));
  const text = (label: string, field: 'name' | 'weight' | 'instanceType' | 'instanceCount') => ({
    label,
    control: (variant: VariantForm, index: number) => (
      <Input
        value={variant[field]}
        ariaLabel={label}
        onChange={({ detail }) => set(index, { [field]: detail.value })}
      />
    ),
    errorText: (_: VariantForm, index: number) =>
      wrong(`variants.${index}.${field.startsWith('instance') ? `capacity.${field}` : field}`),
  });
  return (
    <FormField label="Further variants – optional" description="Each runs the version of another stage." stretch>
      <AttributeEditor
        items={variants}
        addButtonText="Add variant"
        removeButtonText="Remove"
        empty="No further variant."
        onAddButtonClick={() => onChange([...variants, NEW_VARIANT])}
        onRemoveButtonClick={({ detail }) => onChange(variants.filter((_, index) => index !== detail.itemIndex))}
        gridLayout={[
          {
            breakpoint: 'xs',
            rows: [
              [1, 1],
              [1, 1],
              [1, 1],
            ],
          },
          { rows: [[1], [1], [1], [1], [1], [1]] },
        ]}
        definition={[
          text('Name', 'name'),
          {
            label: 'Stage',
            control: (variant, index) => (
              <Select
                ariaLabel="Stage"
                selectedOption={{ value: variant.stage, label: variant.stage }}
                options={stages.map((value) => ({ value, label: value }))}
                onChange={({ detail }) => set(index, { stage: detail.selectedOption.value ?? '' })}
              />
            ),
            errorText: (_, index) => wrong(`variants.${index}.stage`),
          },
          {
            label: 'Traffic',
            control: (variant, index) => (
              <Select
                ariaLabel="Traffic"
                selectedOption={TRAFFIC.find(({ value }) => value === variant.traffic) ?? null}
                options={TRAFFIC}
                onChange={({ detail }) =>
                  set(index, { traffic: detail.selectedOption.value as VariantForm['traffic'] })
                }
              />
            ),
          },
          text('Weight', 'weight'),
          text('Instance type', 'instanceType'),
          text('Instances', 'instanceCount'),
        ]}
      />
    </FormField>
  );
}
