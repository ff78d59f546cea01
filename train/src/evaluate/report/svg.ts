/**
 * Charts as SVG text, drawn by Vega without a browser. Colours are the page's CSS variables, so that one drawing
 * works in light mode, in dark mode and on paper. All charts are CHART units wide, so that their letters have the
 * same size; on a phone they are as wide as the page.
 */
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { escaped } from './html.js'

/** Width of a drawing in its own units, including the axes. */
const CHART = 360

const INK = 'var(--ink)'
const QUIET = 'var(--quiet)'
const GRID = 'var(--grid)'

/** @param description the text for screen readers */
export async function svg(description: string, spec: object): Promise<string> {
  const whole: object = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: CHART,
    autosize: { type: 'fit', contains: 'padding' },
    padding: { left: 2, right: 8, top: 4, bottom: 2 },
    background: null,
    config: {
      // The picture has one description; its figures are in the table below it.
      aria: false,
      font: 'inherit',
      view: { stroke: null },
      axis: {
        labelColor: INK,
        titleColor: QUIET,
        gridColor: GRID,
        domainColor: GRID,
        tickColor: GRID,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        labelLimit: 0,
        labelFontWeight: 'normal',
      },
      axisX: { labelColor: QUIET },
      legend: {
        labelColor: INK,
        labelFontSize: 12,
        labelLimit: 0,
        orient: 'bottom',
        direction: 'vertical',
        title: null,
      },
    },
    ...spec,
  }
  const view = new View(parse(compile(whole as TopLevelSpec).spec), { renderer: 'none' })
  return (await view.toSVG()).replace('<svg', `<svg role="img" aria-label="${escaped(description)}"`)
}
