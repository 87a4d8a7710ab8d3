/** "leave it in Drafts": the words of the sentence go nowhere. */
const INTO_DRAFTS =
  /\b(?:leave|leaves|keep|keeps|save|saves|put|puts|store|stores|park|parks)\s+(?:it|them|this|that|these|those|everything|each|all)\b[^.;]{0,40}\bdrafts?\b/i;
/** "I send them myself", "for Olu to send": somebody else sends what is written. */
const BY_OTHERS =
  /\b(?:I|we|he|she|\p{Lu}\p{Ll}+)(?:'ll| will)?\s+(?:then |always |only )?(?:send|sends|press|presses|hit|hits)\s+(?:it|them|send|those|each|everything|the (?:drafts?|mails?|e-?mails?|answers?|repl(?:y|ies)))\b|\bfor (?:me|us|him|her|\p{Lu}\p{Ll}+|a (?:person|human|colleague)) to (?:check|read|review|look at|approve)?[^.;]{0,20}\bsend\b/u;

/** Whether a sentence wants mail written and not sent: a draft is all that it may become. */
export function isKeptBack(sentence: string): boolean {
  const plain = sentence.replace(/"[^"]*"/g, ' ');
  return INTO_DRAFTS.test(plain) || BY_OTHERS.test(plain);
}
