/**
 * Charts as SVG text, drawn without a browser by Vega. Colours are the page's CSS variables, so that one drawing serves
 * light, dark and paper; all are drawn CHART wide, so that letters are of one size, and on a phone of the page's.
 */
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { escaped } from './html.js'

/** Width of a drawing, axes and all, in its own units. */
const CHART = 360

const INK = 'var(--ink)'
const QUIET = 'var(--quiet)'
const GRID = 'var(--grid)'

/** @param description what a screen reader says of it */
export async function svg(description: string, spec: object): Promise<string> {
  const whole: object = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: CHART,
    autosize: { type: 'fit', contains: 'padding' },
    padding: { left: 2, right: 8, top: 4, bottom: 2 },
    background: null,
    config: {
      // One picture with one description; its figures are in the table behind it.
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
