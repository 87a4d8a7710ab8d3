import { expect, it } from 'vitest';
import { otherLanguage } from './language.ts';

it.each([
  [
    'Jeden Montag um neun Uhr stellst du die offenen Rechnungen zusammen und schreibst eine Zusammenfassung in den Kanal.',
    'German',
  ],
  ['Chaque lundi à neuf heures, tu dresses la liste des factures impayées et tu écris un résumé dans le canal.', 'French'],
  ['Every Monday at nine, list the open invoices and post a summary in #finance.', undefined],
  ['Mondays: #cash', undefined],
])('%s', (text, language) => {
  expect(otherLanguage(text)).toBe(language);
});
