import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useUrlState } from '../app/url-state';
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
  const date = params.get('date') ?? '';
  const clock = params.get('time') ?? '23:59';
  const at = instantOf(date, clock);
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
        <Grid
          gridDefinition={[
            { colspan: { default: 12, xs: 4 } },
            { colspan: { default: 12, xs: 4 } },
            { colspan: { default: 12, xs: 4 } },
          ]}
        >
          <FormField label="Stage">
            <Select
              selectedOption={{ value: stage, label: stage }}
              options={stages.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => setParams({ stage: detail.selectedOption.value })}
            />
          </FormField>
          <FormField label="Date – optional" constraintText="Without a date all times are shown.">
            <DatePicker
              value={date}
              placeholder="YYYY/MM/DD"
              openCalendarAriaLabel={(chosen) => (chosen ? `Choose a date, ${chosen} is chosen` : 'Choose a date')}
              onChange={({ detail }) => setParams({ date: detail.value })}
            />
          </FormField>
          <FormField label="Time" constraintText="In your time zone, 24 hours.">
            <TimeInput
              value={clock}
              format="hh:mm"
              placeholder="hh:mm"
              disabled={date === ''}
              onChange={({ detail }) => setParams({ time: detail.value })}
            />
          </FormField>
        </Grid>
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

/** The end of the minute that is meant. */
function instantOf(date: string, clock: string): string | undefined {
  const instant = new Date(`${date}T${/^\d\d:\d\d$/.test(clock) ? clock : '23:59'}:59.999`);
  return date === '' || Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}
