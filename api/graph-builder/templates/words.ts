/** Groups of words that several templates listen for; `*` at the end stands for any ending. */
export const POST_WORDS = [
  'post',
  'posts',
  'posting',
  'publish*',
  'share',
  'shares',
  'put',
  'puts',
  'write',
  'writes',
  'send',
  'sends',
  'drop',
  'drops',
  'announc*',
  'deliver',
  'delivers',
];
export const DIGEST_WORDS = [
  'digest*',
  'summar*',
  'roundup*',
  'round-up*',
  'recap*',
  'overview*',
  'highlights',
  'wrap-up*',
  'rundown*',
];
export const DM_WORDS = [
  'direct message*',
  'dm',
  'dms',
  'privately',
  'private message*',
  'personal message*',
  'slack message to',
];
export const REACT_WORDS = ['react*', 'emoji*', 'mark', 'marks', 'marking', 'tick*', 'check mark*', 'checkmark*', 'thumbs up'];
