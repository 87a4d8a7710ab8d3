import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { call, compute, forEach, inOrder, required } from '../nodes.ts';

const searchGraph: SkillGraph = {
  id: 'sg_search_customer_v1',
  title: 'Search customers by a word',
  input: { word: required('string', 'Part of a name, or an e-mail address') },
  ...inOrder([call('list', 'Search', 'quickbooks/customer.list', { query: '=input.word', limit: 50 })]),
  output: '=[nodes.list.customers]',
  max_steps: 5,
};

/** The customers whose names could stand in a text: books may hold more of them than one list does. */
export const findCustomersGraph: SkillGraph = {
  id: 'sg_find_customers_v1',
  title: 'Find the customers that a text may name',
  input: { text: required('string', 'What was written') },
  ...inOrder([
    compute(
      'words',
      'Take the words that may be names',
      "($mails := $match(input.text, /[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+/).match; $capital := $match(input.text, /[A-Z][A-Za-z'’-]{2,}/).match; $any := $match(input.text, /[A-Za-z]{4,}/).match; $distinct($append([$mails], [($count($capital) > 0 ? $capital : $any)]))[[0..11]])",
    ),
    forEach('search_each', 'Search for each', '[nodes.words]', searchGraph, { word: '=item' }),
    compute('join', 'Put them together', '[$distinct($reduce([nodes.search_each], $append, []))]'),
  ]),
  output: { customers: '=[nodes.join]' },
  max_steps: 10,
};
export const findCustomersGraphs: [SkillGraph, SkillGraph] = [findCustomersGraph, searchGraph];
