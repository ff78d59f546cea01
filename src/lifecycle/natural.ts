/**
 * Reads a node's properties as its interface defines them. Names in the HTML can hide them: an image with the name
 * `currentScript` hides `document.currentScript`, and a control with a name hides a property of its form
 * (https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem). Such HTML can come from a customer's review.
 * The hiding properties are on the node itself, so the lookup here starts at its prototype.
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
