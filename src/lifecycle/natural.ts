/**
 * Reads a node as its interface defines it. On a page, `document.currentScript` may be an image: an element with a name
 * shadows the document's own properties, and a control with a name shadows those of its form
 * (https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem). Such names can come from a customer's review.
 * They sit on the node itself, so the lookup starts at its prototype.
 *
 *     natural(document).baseURI
 *     natural(form).querySelectorAll('li')
 */
export function natural<N extends Node>(node: N): N {
  return new Proxy(node, {
    get(_, name) {
      const value: unknown = Reflect.get(Object.getPrototypeOf(node), name, node)
      return typeof value === 'function' ? value.bind(node) : value
    },
  })
}
