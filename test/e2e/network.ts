import type { Page } from 'playwright-core';

/** Whom the page has asked for files, as Help lists them. */
export async function networkRows(page: Page) {
  const table = page.getByRole('dialog', { name: 'Help' }).getByRole('region', { name: 'Network' });
  await table.waitFor();
  return table.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      const [from, requests, size] = [...row.children].map(({ textContent }) => textContent.trim());
      return { from, requests: Number(requests), size };
    }),
  );
}
