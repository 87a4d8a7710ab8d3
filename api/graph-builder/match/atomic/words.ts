import { literal } from '../../compose/literals.ts';

/**
 * JSONata that words what a skill found, without a model: `{ subject, text }`. A run may give both. Every record becomes one
 * line of its plain fields; `<!` is broken up, so that no quoted text can call a whole channel.
 */
export function wordsExpression(sentence: string, nodes: string[]): string {
  const found =
    nodes.length === 0 ? '[$$.input.facts]' : `$append([${nodes.map((node) => `nodes.${node}`).join(', ')}], [$$.input.facts])`;
  const said = /"([^"]{3,500})"/.exec(sentence)?.[1];
  return `(
  $line := function($x) {
    $type($x) = "object" ? $join($each($x, function($v, $k) { $type($v) in ["string", "number", "boolean"] and $not($k in ["id", "ts", "etag"]) ? $k & ": " & $string($v) : "" })[$ != ""], ", ") : $string($x)
  };
  $rows := function($x) {
    $type($x) = "object" ? ($lists := $each($x, function($v) { $type($v) = "array" ? {"rows": $v} : {"rows": []} }).rows; $exists($lists) ? [$lists] : [$x]) : [$x]
  };
  $lines := $distinct([${found}.($rows($)).($line($))])[$ != ""];
  $safe := $replace($join($lines[[0..49]].("• " & $substring($, 0, 300)), "\\n"), "<!", "< !");
  $intro := ${literal(said ?? sentence.slice(0, 300))};
  {
    "subject": $exists(input.given.subject) ? input.given.subject : $substring($intro, 0, 120),
    "text": $exists(input.given.text) ? input.given.text : ${said === undefined ? '$safe = "" ? $intro : $safe' : '$intro'}
  }
)`;
}
