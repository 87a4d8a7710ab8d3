/** Words people use for emojis, with the names that Slack knows. */
const NAMES: { [word: string]: string } = {
  'check mark': 'white_check_mark',
  checkmark: 'white_check_mark',
  'green tick': 'white_check_mark',
  tick: 'white_check_mark',
  'thumbs up': '+1',
  'thumbs-up': '+1',
  eyes: 'eyes',
  'waving hand': 'wave',
  wave: 'wave',
  heart: 'heart',
  fire: 'fire',
  party: 'tada',
  tada: 'tada',
  rocket: 'rocket',
  bookmark: 'bookmark',
  star: 'star',
  clap: 'clap',
  warning: 'warning',
  pushpin: 'pushpin',
  pin: 'pushpin',
  hourglass: 'hourglass',
  memo: 'memo',
  bulb: 'bulb',
  'light bulb': 'bulb',
};
const PICTURES: { [picture: string]: string } = {
  '✅': 'white_check_mark',
  '✔': 'heavy_check_mark',
  '👀': 'eyes',
  '👋': 'wave',
  '👍': '+1',
  '❤': 'heart',
  '🎉': 'tada',
  '🚀': 'rocket',
  '🔥': 'fire',
  '📌': 'pushpin',
  '🔖': 'bookmark',
  '⭐': 'star',
  '👏': 'clap',
  '📝': 'memo',
};
const WORDS = Object.keys(NAMES)
  .sort((one, other) => other.length - one.length)
  .join('|');
const BY_WORD = new RegExp(
  `\\b(?:(${WORDS})\\s+(?:emoji|reaction)s?\\b|(?:with|put|add|leave|place|give it)\\s+(?:an?\\s+|the\\s+)?(?:green\\s+)?(${WORDS})\\b)`,
  'i',
);

/** The emoji that a clause names: `:eyes:`, a picture, or words such as "a wave emoji". Name without colons. */
export function findEmoji(text: string): string | undefined {
  const named = /(?<![\p{L}\p{N}]):([a-z0-9_+'-]*[a-z0-9+][a-z0-9_+'-]*):/iu.exec(text);
  if (named) return named[1]!.toLowerCase();
  const picture = Object.keys(PICTURES).find((candidate) => text.includes(candidate));
  if (picture) return PICTURES[picture];
  const words = BY_WORD.exec(text);
  return words ? NAMES[(words[1] ?? words[2])!.toLowerCase()] : undefined;
}
