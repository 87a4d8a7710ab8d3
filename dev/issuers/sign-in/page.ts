/** The page on which a developer says whom to sign in as. The fields of the request come back with the form. */
export function signInPage(request: { readonly [name: string]: string | undefined }): string {
  const hidden = Object.entries(request).flatMap(([name, value]) =>
    value === undefined ? [] : [`<input type="hidden" name="${escape(name)}" value="${escape(value)}">`],
  );
  const field = (name: string, label: string, value: string): string =>
    `<label>${label}<input name="${name}" value="${value}" required></label>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in (development)</title><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 24rem; margin: 10vh auto; }
label { display: block; margin: 1rem 0; } input, button { font: inherit; width: 100%; padding: 0.5rem; box-sizing: border-box; }
</style></head><body><h1>Sign in</h1><p>The development stack believes whoever you say you are.</p>
<form method="post">${hidden.join('')}
${field('user_id', 'Person', 'user_dev')}
${field('org_id', 'Organisation', 'org_dev')}
${field('role', 'Role', 'admin')}
<button>Sign in</button></form></body></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
