/** Pieces of JSONata that several skills over the books share. */

/** Text from outside within a text of ours: one line, short. */
export const PLAIN = 'function($t) { $substring($trim($replace($string($t), /\\s+/, " ")), 0, 200) }';

/** A text as Slack shows it word by word, without anything that would call or link. */
export const FOR_SLACK = 'function($t) { $replace($replace($replace($t, "&", "&amp;"), "<", "&lt;"), ">", "&gt;") }';

/** An amount as people write it: `1,240.00 EUR`. */
export const MONEY =
  'function($sum, $currency) { $trim($formatNumber($sum, "#,##0.00") & " " & ($exists($currency) ? $currency : "")) }';

/** The sums of rows `{ amount, currency }`, one a currency: `1,240.00 EUR and 90.00 USD`. */
export const TOTALS = `function($rows) { $count($rows) = 0 ? "0.00" : $join([$each($rows{$string(currency): $sum(amount)}, ${MONEY})], " and ") }`;

/** Lines of a list, the first fifty of them. */
export const LINES =
  'function($lines) { $join([$lines[[0..49]]], "\\n") & ($count($lines) > 50 ? "\\nand " & $string($count($lines) - 50) & " more." : "") }';

/** `1 bill`, `3 bills`. */
export const COUNTED = 'function($n, $one, $many) { $string($n) & " " & ($n = 1 ? $one : $many) }';

/** Day `YYYY-MM-DD` so many days after the instant; negative = before. */
export const DAY = 'function($at, $days) { $substring($fromMillis($toMillis($at) + $days * 86400000), 0, 10) }';

/** Longest name first, since `Marsh` stands in `Marsh & Sons`. Gives those of the rows whose name stands in the text. */
export const NAMED =
  'function($rows, $text) { ($low := $lowercase($text); $hits := $rows[$contains($low, $lowercase(name))]; [$hits[($n := $lowercase(name); $count($hits[$lowercase(name) != $n and $contains($lowercase(name), $n)]) = 0)]]) }';

/** `1,240.00`, `1.240,00`, `8 400`: two digits behind the last mark are cents, all other marks part thousands. */
const TO_AMOUNT =
  'function($digits) { ($d := $replace($digits, /[\' ]/, ""); $c := $match($d, /^(.*)[.,]([0-9]{2})$/)[0]; $exists($c) ? $number($replace($c.groups[0], /[.,]/, "") & "." & $c.groups[1]) : $number($replace($d, /[.,]/, ""))) }';

const CURRENCIES =
  '{"€": "EUR", "$": "USD", "£": "GBP", "EURO": "EUR", "EUROS": "EUR", "DOLLAR": "USD", "DOLLARS": "USD", "POUND": "GBP", "POUNDS": "GBP"}';

/** The amounts with a currency in a text, in their order: `[{ "amount": 1240, "currency": "EUR" }]`. */
export const AMOUNTS_IN = `function($text) { ($to := ${TO_AMOUNT}; $names := ${CURRENCIES}; [$match($text, /(?:\\b(EUR|USD|GBP|CHF)|([€$£])) ?([0-9][0-9.,']*[0-9]|[0-9])|([0-9][0-9.,']*[0-9]|[0-9]) ?(EUR|USD|GBP|CHF|€|\\$|£|euros?|dollars?|pounds?)/i).($c := $uppercase($exists(groups[0]) and groups[0] != "" ? groups[0] : $exists(groups[1]) and groups[1] != "" ? groups[1] : groups[4]); {"amount": $to($exists(groups[2]) and groups[2] != "" ? groups[2] : groups[3]), "currency": $exists($lookup($names, $c)) ? $lookup($names, $c) : $c, "at": index})]) }`;

/** A bare number as people say an amount: `8,400`. The last one of the text that is no date, number of days or reference. */
export const BARE_AMOUNT = `function($text) { ($to := ${TO_AMOUNT}; $hits := [$match($replace($text, /[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+ days/i, ""), /(?:^|[\\s:,(])([0-9]{1,3}(?:[.,'][0-9]{3})+(?:[.,][0-9]{2})?|[0-9]{2,6}(?:[.,][0-9]{2})?)(?=$|[\\s,.;)])/).groups[0]]; $count($hits) = 0 ? $missing : $to($hits[-1])) }`;
