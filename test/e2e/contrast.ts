import type { Page } from 'playwright-core';

/** Texts whose contrast with what is behind them is below `least` (WCAG 2, relative luminance), with their contrast. */
export function weakTexts(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('This browser has no 2D canvas.');
    /** Colours from the ground up, one over the other: red, green, blue (0..255). */
    const over = (colours: string[]): number[] => {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 1, 1);
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb: number[]): number => {
      const [r, g, b] = rgb.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const grounds = (element: Element | null): string[] =>
      element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
    const weak: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      const text = texts.currentNode.textContent?.trim();
      // What is switched off is exempt.
      const isExempt = element?.closest(
        '[data-off="true"], :disabled, [aria-disabled="true"], noscript, script',
      );
      if (!element || !text || isExempt || !element.checkVisibility()) continue;
      const ground = grounds(element);
      const [light, dark] = [over(ground), over([...ground, getComputedStyle(element).color])]
        .map(luminance)
        .sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < least) weak.push(`${text} (${contrast.toFixed(2)})`);
    }
    return weak;
  }, least);
}
