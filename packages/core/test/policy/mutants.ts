/** Hand-made mistakes in the planned evaluator, each a replacement in one file. A law that catches none of them proves nothing. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a check that needs a role and one resource is taken to stand in plans',
    file: 'plan.ts',
    from: '(noObjects(scope) ||\n      (scope.types',
    to: '(noObjects(scope) || scope.resources !== undefined ||\n      (scope.types',
  },
  {
    name: 'a check that hangs on both user and resource stands twice',
    file: 'planned.ts',
    from: 'const hanging = new Set([...node.steps, ...target.steps]);',
    to: 'const hanging = [...node.steps, ...target.steps];',
  },
  {
    name: 'checks that hang come after those of the plan',
    file: 'planned.ts',
    from: '[...planned.slice(first), ...more].sort(compareSteps)',
    to: '[...planned.slice(first), ...more]',
  },
  {
    name: 'grants that hang come after those of the plan',
    file: 'planned-grants.ts',
    from: "allows = [...allows, ...hanging.filter((one) => one.effect === 'allow')].sort(compareGrants);",
    to: "allows = [...allows, ...hanging.filter((one) => one.effect === 'allow')];",
  },
  {
    name: 'an implicit deny beats an allow',
    file: 'planned-grants.ts',
    from: "const allowed = firstHit(allows, 'allow', situation);",
    to: "const allowed = firstHit(denies, 'deny', situation) ? undefined : firstHit(allows, 'allow', situation);",
  },
  {
    name: 'an explicit allow beats an explicit deny',
    file: 'planned-grants.ts',
    from: "const denied = firstHit(aimed, 'deny', situation);",
    to: "const denied = firstHit(aimed, 'allow', situation) ? undefined : firstHit(aimed, 'deny', situation);",
  },
  {
    name: 'a deny whose condition fails does not hit',
    file: 'planned-grants.ts',
    from: "(truth === 'error' && effect === 'deny')",
    to: 'false',
  },
  {
    name: 'the lease forgets grants that are yet to begin',
    file: 'planned-grants.ts',
    from: 'until = earliest(denies, now, earliest(allows, now, until));',
    to: '',
  },
  {
    name: 'the lease forgets the end of an exemption',
    file: 'course.ts',
    from: 'if (!check.shadow) lease(course, nextEdge(exemption, course.now));',
    to: '',
  },
  {
    name: 'the exemption of a shadow ends the lease',
    file: 'course.ts',
    from: 'if (!check.shadow) lease(course, nextEdge(exemption, course.now));',
    to: 'lease(course, nextEdge(exemption, course.now));',
  },
  {
    name: 'a role’s block is not put on kins that exist',
    file: 'fact-index.ts',
    from: 'kin.blocks = byRole.blocks.of(kin.roles);',
    to: 'kin.blocks = kin.blocks;',
  },
  {
    name: 'a user’s new roles keep the old plan',
    file: 'fact-index.ts',
    from: 'node.kin = undefined;\n      node.last = undefined;',
    to: '',
  },
  {
    name: 'a lifted block blocks',
    file: 'fact-index.ts',
    from: 'if (item.lifted !== undefined) return;',
    to: '',
  },
  {
    name: 'a refusal by the resource block is charged (W36)',
    file: 'planned.ts',
    from: "const free = step.key === 'resource:resource-block'; // W36",
    to: 'const free = false;',
  },
  {
    name: 'an earlier debt beats a later refusal',
    file: 'course.ts',
    from: "const outcome = refusal !== undefined ? 'deny' : owed !== undefined ? 'hold' : 'allow';",
    to: "const outcome = owed !== undefined ? 'hold' : refusal !== undefined ? 'deny' : 'allow';",
  },
];
