/** Typed look-ups: what is found must be of the expected type. */

/**
 * @template {Element} [T=HTMLElement]
 * @typedef {new () => T} ElementType
 */

/**
 * The first descendant that matches, or `null`.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {ElementType<T>} [type]
 */
export function find(root, selector, type) {
  const found = root.querySelector(selector)
  if (found && type && !(found instanceof type)) throw new TypeError(`${selector} is no ${type.name}`)

  return /** @type {T | null} */ (found)
}

/**
 * The first descendant that matches. Throws if there is none.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {ElementType<T>} [type]
 */
export function get(root, selector, type) {
  const found = find(root, selector, type)
  if (!found) throw new Error(`There is no ${selector}`)

  return found
}

/**
 * All descendants that match.
 * @param {ParentNode} root
 * @param {string} selector
 */
export function findAll(root, selector) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)])
}

/**
 * The element with this id. Throws if there is none.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {ElementType<T>} [type]
 */
export function byId(id, type) {
  return get(document, `#${id}`, type)
}

/**
 * A copy of the one element in a `<template>`. Throws if there is no template.
 * @param {string} id
 */
export function cloneTemplate(id) {
  const { content } = byId(id, HTMLTemplateElement)
  return /** @type {HTMLElement} */ (get(content, "*").cloneNode(true))
}

/**
 * The element an event happened in that matches, or `null`.
 * @param {Event} event
 * @param {string} selector
 */
export function closest({ target }, selector) {
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(selector)) : null
}

/**
 * A new element with these properties.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 */
export function create(name, properties) {
  return Object.assign(document.createElement(name), properties)
}
