/** HTML that shows a link's page in lecture notes: without what is for work, and loaded when it comes into sight. */
export function embedCode(link: string): string {
  const url = new URL(link);
  url.searchParams.set('embed', '');
  const address = url.href.replace('embed=', 'embed').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return (
    `<iframe src="${address}" title="A student CLIP learns from its teacher" width="100%" height="560" ` +
    'style="border: 0" loading="lazy" allow="cross-origin-isolated"></iframe>'
  );
}
