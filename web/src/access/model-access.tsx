import SpaceBetween from '@cloudscape-design/components/space-between';
import { Needs } from '../ui/needs';
import { CheckAccess } from './check-access';
import { GrantsTable } from './grants-table';

/** Who may do what with a model. */
export default function ModelAccess({ model, blocked }: { model: string; blocked: string | undefined }) {
  return (
    <Needs right="administer">
      <SpaceBetween size="l">
        <GrantsTable model={model} blocked={blocked} />
        <CheckAccess model={model} />
      </SpaceBetween>
    </Needs>
  );
}
