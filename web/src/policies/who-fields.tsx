import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import { RIGHTS_OF, type Right, ROLES, type Role } from '../../../core/domain/access';
import { WordsField } from '../ui/words-field';

interface Props {
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly onChange: (change: { roles?: readonly Role[]; groups?: readonly string[] }) => void;
  /** Only roles that have it are offered. */
  readonly right: Right;
  readonly errorText?: string | undefined;
}

/** Whose word counts: of who has one of the roles or is in one of the groups. */
export function WhoFields({ roles, groups, onChange, right, errorText }: Props) {
  const options = ROLES.filter((role) => RIGHTS_OF[role].has(right)).map((value) => ({ value, label: value }));
  return (
    <ColumnLayout columns={2}>
      <FormField
        label="Roles – optional"
        constraintText="Anybody, where neither is named."
        errorText={errorText}
        stretch
      >
        <Multiselect
          options={options}
          selectedOptions={options.filter(({ value }) => roles.includes(value))}
          placeholder="Any role"
          onChange={({ detail }) => onChange({ roles: detail.selectedOptions.map(({ value }) => value as Role) })}
          deselectAriaLabel={({ label }) => `Leave out ${label}`}
          expandToViewport
        />
      </FormField>
      <WordsField
        label="Groups – optional"
        words={groups}
        placeholder="risk"
        onChange={(words) => onChange({ groups: words })}
      />
    </ColumnLayout>
  );
}
