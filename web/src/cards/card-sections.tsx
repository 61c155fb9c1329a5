import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Facts } from '../ui/facts';
import { Markdown } from '../ui/markdown';
import { type Card, detailsOf, SECTIONS, textOf } from './fields';

/** What a card says, section by section; those that say nothing are left out. */
export function CardSections({ card }: { card: Card }) {
  const details = Object.entries(detailsOf(card));
  const sections = SECTIONS.map((section) => ({
    ...section,
    said: section.fields.flatMap((field) => {
      const text = textOf(card, section, field);
      return text === undefined ? [] : [{ ...field, text }];
    }),
  })).filter(({ said }) => said.length > 0);
  return (
    <SpaceBetween size="l">
      {sections.map(({ name, title, said }) => {
        const names = said.filter(({ isProse }) => !isProse).map(({ label, text }) => [label, text] as const);
        return (
          <Container key={name} header={<Header variant="h2">{title}</Header>}>
            <SpaceBetween size="m">
              {said
                .filter(({ isProse }) => isProse)
                .map(({ name: field, label, text }) => (
                  <div key={field}>
                    <Box variant="awsui-key-label">{label}</Box>
                    <Markdown text={text} />
                  </div>
                ))}
              {names.length > 0 && <Facts facts={names} />}
            </SpaceBetween>
          </Container>
        );
      })}
      {details.length > 0 && (
        <Container header={<Header variant="h2">Details</Header>}>
          <Facts facts={details} />
        </Container>
      )}
    </SpaceBetween>
  );
}
