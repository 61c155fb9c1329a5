import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { RATED_RISKS } from '../../../core/domain/assessment-terms';
import type { Draft } from './draft';

type Asked = Draft['card'];
const ANY = { value: '', label: 'Whatever it is' };
const RISKS = [ANY, ...RATED_RISKS.map((value) => ({ value, label: value }))];

/** Says whether a guard asks for a model card, and for which. */
export function CardFields({ card, onChange }: { card: Asked; onChange: (card: Asked) => void }) {
  return (
    <>
      <Checkbox
        checked={card !== undefined}
        onChange={({ detail }) => onChange(detail.checked ? { approved: true } : undefined)}
      >
        There is a model card
      </Checkbox>
      {card && (
        <Box padding={{ left: 'xl' }}>
          <SpaceBetween size="s">
            <Checkbox
              checked={card.approved}
              onChange={({ detail }) => onChange({ ...card, approved: detail.checked })}
            >
              The card is approved
            </Checkbox>
            <FormField label="It rates the risk at most" description="A risk that nobody rated is above any.">
              <Select
                options={RISKS}
                selectedOption={RISKS.find(({ value }) => value === (card.risk ?? '')) ?? null}
                onChange={({ detail: { selectedOption } }) => {
                  const risk = RATED_RISKS.find((each) => each === selectedOption.value);
                  onChange({ approved: card.approved, ...(risk && { risk }) });
                }}
                expandToViewport
              />
            </FormField>
          </SpaceBetween>
        </Box>
      )}
    </>
  );
}
