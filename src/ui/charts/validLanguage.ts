// A machine with LANG=C has “C” as its language, at which uPlot would fail while it loads: imported before it.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en' });
}
