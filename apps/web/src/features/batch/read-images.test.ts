import { findImages } from "@entrepot/core/image-list"
import { expect, test } from "vitest"
import { plainImages } from "./read-images.ts"

/** As a worker hands it over. */
const handed = (text: string) => structuredClone(plainImages(findImages(text)))

test("what is found in a text crosses from a worker whole, problems with their words included", () => {
  const { problem, ...rest } = handed("services:\n  web:\n    image: nginx:1.27\n  bad:\n    image: Nginx:1\n")
  expect(problem).toBeUndefined()
  expect(rest).toEqual({
    kind: "compose",
    images: [
      {
        text: "nginx:1.27",
        lines: [3],
        where: ["services.web"],
        reference: { registry: "docker.io", repository: "library/nginx", tag: "1.27" },
      },
      {
        text: "Nginx:1",
        lines: [5],
        where: ["services.bad"],
        problem: {
          code: "reference_invalid",
          message: '"Nginx:1" is not an image name: repository names are lowercase',
          hint: 'did you mean "nginx:1"?',
          side: undefined,
          host: undefined,
        },
      },
    ],
  })
})

test("what is wrong with a text as a whole crosses too", () => {
  expect(handed("services:\n  web:\n    image: nginx\n  web: [\n").problem).toMatchObject({
    code: "usage",
    hint: "correct the YAML: only lines with `image:` were read of it",
  })
})
