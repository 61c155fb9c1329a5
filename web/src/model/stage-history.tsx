import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useUrlState } from '../app/url-state';
import { MomentFields, useMoment } from '../ui/moment';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { absolute } from '../ui/time';
import type { Model } from './types';

/** Which versions were in a stage, and which were there at a time. */
export default function StageHistory({ model }: { model: Model }) {
  const [params, setParams] = useUrlState();
  const stages = model.stages.stages.map(({ name }) => name);
  const last = stages.includes('Production') ? 'Production' : (stages.at(-1) ?? '');
  const stage = stages.find((name) => name === params.get('stage')) ?? last;
  const { at } = useMoment();
  const holders = usePages(
    'getStageHolders',
    { params: { model: model.name, stage }, query: { at: at ?? '' } },
    { enabled: at !== undefined },
  );
  const history = usePages('getStageHistory', { params: { model: model.name, stage }, query: { limit: 25 } });
  const list = at === undefined ? history : holders;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">What was in {stage}?</Header>}>
        <MomentFields hint="Without a date all times are shown.">
          <FormField label="Stage">
            <Select
              selectedOption={{ value: stage, label: stage }}
              options={stages.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => setParams({ stage: detail.selectedOption.value })}
            />
          </FormField>
        </MomentFields>
      </Container>
      <PagedTable
        list={list}
        title={at === undefined ? `Who was in ${stage}` : `In ${stage} on ${absolute(at)}`}
        trackBy={({ version, from }) => `${version} ${from}`}
        empty={{
          title: 'No version',
          text: at === undefined ? 'No version was ever in this stage.' : 'No version was in this stage then.',
        }}
        columnDefinitions={[
          {
            id: 'version',
            header: 'Version',
            isRowHeader: true,
            cell: ({ version }) => (
              <TextLink href={places.version(model.workspace, model.name, version)}>Version {version}</TextLink>
            ),
          },
          { id: 'from', header: 'From', cell: ({ from }) => absolute(from) },
          {
            id: 'to',
            header: 'To',
            cell: ({ to }) => (to === undefined ? <Box color="text-status-success">still there</Box> : absolute(to)),
          },
          { id: 'entered', header: 'Put there by', cell: ({ enteredBy }) => enteredBy.name },
          { id: 'left', header: 'Moved on by', cell: ({ leftBy }) => leftBy?.name ?? '–' },
        ]}
      />
    </SpaceBetween>
  );
}
