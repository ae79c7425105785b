/**
 * Roles | overwrites | circumstances | what the member may do. `@` is everyone's role, `red` and `blue` are the member's,
 * `(green)` is not; `me` is the member, `bob` another. Source of the rules: Discord, "Permissions": the base is everyone's
 * role with those of the member; then everyone's overwrite, those of the member's roles together, the member's, each with
 * its denials before its allowances. Without `view` nothing is left; without `send` no mention of all, file, embed, poll.
 */
export const caseTable = `
# The base: everyone's role and the member's roles together
@                                   |                                | | nothing
@ view                              |                                | | view
@ view history                      |                                | | view history
@ view send                         |                                | | view send
@ view history send files           |                                | | view history send files
@ send                              |                                | | nothing
@, red view                         |                                | | view
@, red view send                    |                                | | view send
@ view, red send                    |                                | | view send
@ view, red send, blue files        |                                | | view send files
@ view send, red send               |                                | | view send
@ view, red send, blue send         |                                | | view send
@, red view, blue send              |                                | | view send
@, red send, blue files             |                                | | nothing
@ view, (green) send                |                                | | view
@, (green) view send                |                                | | nothing
@ view, red send, (green) files     |                                | | view send
@ view send, red kick, blue ban     |                                | | view send kick ban
@ view, red roles, blue channels    |                                | | view roles channels

# Each permission from a role
@ view send, red invite             |                                | | view send invite
@ view send, red kick               |                                | | view send kick
@ view send, red ban                |                                | | view send ban
@ view send, red channels           |                                | | view send channels
@ view send, red server             |                                | | view send server
@ view send, red react              |                                | | view send react
@ view send, red audit              |                                | | view send audit
@ view send, red messages           |                                | | view send messages
@ view send, red embeds             |                                | | view send embeds
@ view send, red files              |                                | | view send files
@ view send, red history            |                                | | view send history
@ view send, red mention            |                                | | view send mention
@ view send, red nick               |                                | | view send nick
@ view send, red nicks              |                                | | view send nicks
@ view send, red roles              |                                | | view send roles
@ view send, red hooks              |                                | | view send hooks
@ view send, red tidy               |                                | | view send tidy
@ view send, red start              |                                | | view send start
@ view send, red threads            |                                | | view send threads
@ view send, red timeout            |                                | | view send timeout
@ view send, red polls              |                                | | view send polls
@ view send, red pin                |                                | | view send pin
@ view send, red slow               |                                | | view send slow

# Everyone's overwrite
@ view send                         | @ -send                        | | view
@ view                              | @ +send                        | | view send
@ view send                         | @ -view                        | | nothing
@                                   | @ +view                        | | view
@                                   | @ +view +send                  | | view send
@ view send                         | @ -send +send                  | | view send
@ view                              | @ -view +view                  | | view
@ view send                         | @ -view +send                  | | nothing
@ view send                         | @ +view -send                  | | view
@ view, red send                    | @ -send                        | | view
@, red view                         | @ -view                        | | nothing
@, red view send, blue view send    | @ -send                        | | view
@ view send kick                    | @ -kick                        | | view send
@ view send                         | @ +messages                    | | view send messages
@ view send pin                     | @ -pin                         | | view send
@ view history send                 | @ -history                     | | view send
@ view send react                   | @ -react                       | | view send
@ view send start                   | @ -start                       | | view send
@ view                              | @                              | | view

# Each permission denied to everyone
@ view send invite                  | @ -invite                      | | view send
@ view send channels                | @ -channels                    | | view send
@ view send messages                | @ -messages                    | | view send
@ view send embeds                  | @ -embeds                      | | view send
@ view send files                   | @ -files                       | | view send
@ view send mention                 | @ -mention                     | | view send
@ view send roles                   | @ -roles                       | | view send
@ view send hooks                   | @ -hooks                       | | view send
@ view send tidy                    | @ -tidy                        | | view send
@ view send threads                 | @ -threads                     | | view send
@ view send polls                   | @ -polls                       | | view send
@ view send slow                    | @ -slow                        | | view send

# Roles' overwrites
@ view send, red                    | red -send                      | | view
@ view, red                         | red +send                      | | view send
@ view, red                         | red -view                      | | nothing
@, red                              | red +view                      | | view
@ view send, red send               | red -send                      | | view
@ view send, red                    | red -send +send                | | view send
@ view, (green)                     | green +send                    | | view
@ view send, (green)                | green -send                    | | view send
@ view send, (green)                | green -view                    | | view send
@, (green)                          | green +view                    | | nothing
@ view send, red, blue              | red -send, blue -send          | | view
@ view, red, blue                   | red +send, blue +send          | | view send

# An allowance of one role outweighs the denial of another, wherever they stand
@ view send, red, blue              | red -send, blue +send          | | view send
@ view send, red, blue              | red +send, blue -send          | | view send
@ view, red, blue                   | red -send, blue +send          | | view send
@ view send, red, blue              | red -view, blue +view          | | view send
@, red, blue                        | red -view, blue +view          | | view
@ view send, red, blue              | red -view -send, blue +view    | | view
@ view send, red, blue              | red -send, blue +files         | | view
@ view send, red, blue              | blue +files, red -files        | | view send files
@ view send, red, (green)           | red -send, green +send         | | view
@ view send, red, (green)           | red +send, green -send         | | view send
@ view, red send, blue              | blue -send                     | | view
@ view, red send, blue              | red +send, blue -send          | | view send

# Roles' overwrites after everyone's
@ view send, red                    | @ -send, red +send             | | view send
@ view, red                         | @ +send, red -send             | | view
@ view, red                         | red +view, @ -view             | | view
@ view, red                         | red -view, @ +view             | | nothing
@ view send, red                    | @ -view, red +view             | | view send
@ view send, red                    | @ -view, red +send             | | nothing
@ view send, red                    | @ -view -send, red +view       | | view
@ view send, red                    | @ -view -send, red +view +send | | view send
@ view, red, blue                   | @ -view, red +view, blue -view | | view
@ view, red, blue                   | @ -view, blue -view            | | nothing
@ view, red, blue                   | @ +send, red -send, blue +send | | view send
@ view, red, blue                   | @ +send, red -send             | | view
@ view send, (green)                | @ -view, green +view           | | nothing
@ view send, (green)                | @ -send, green +send           | | view
@ view send messages, red           | @ -messages, red +messages     | | view send messages
@ view send, red messages           | @ -messages                    | | view send
@ view send, red pin                | @ -pin, red +pin               | | view send pin

# The member's overwrite comes last
@ view send                         | me -send                       | | view
@ view                              | me +send                       | | view send
@ view                              | me -view                       | | nothing
@                                   | me +view                       | | view
@ view send                         | me -send +send                 | | view send
@ view send                         | @ -send, me +send              | | view send
@ view                              | @ +send, me -send              | | view
@ view send, red                    | red -send, me +send            | | view send
@ view, red                         | red +send, me -send            | | view
@ view, red                         | red +view, me -view            | | nothing
@ view, red                         | red -view, me +view            | | view
@ view send, red                    | @ -send, red +send, me -send   | | view
@ view, red                         | @ +send, red -send, me +send   | | view send
@ view send, red, blue              | red -send, blue -send, me +send | | view send
@ view, red, blue                   | red +send, blue +send, me -send | | view
@ view send                         | @ -view, me +view              | | view send
@ view send                         | @ -view -send, me +view        | | view
@ view send, red send               | me -send                       | | view
@ view send                         | me +messages                   | | view send messages
@ view send messages                | me -messages                   | | view send
@ view send                         | me +kick                       | | view send kick

# Another member's overwrite concerns nobody else
@ view send                         | bob -send                      | | view send
@ view send                         | bob -view                      | | view send
@ view                              | bob +send                      | | view
@                                   | bob +view                      | | nothing
@ view send                         | @ -send, bob +send             | | view
@ view send                         | me -send, bob +send            | | view
@ view                              | me +send, bob -send            | | view send

# Who may not view may do nothing
@ view history send files react     | @ -view                        | | nothing
@ view send kick ban roles channels | @ -view                        | | nothing
@ history send threads              |                                | | nothing
@ messages tidy pin slow            |                                | | nothing
@ view send, red kick               | red -view                      | | nothing
@ view send, red messages           | me -view                       | | nothing
@ view                              | me -view +send +files          | | nothing
@, red roles                        | me +roles                      | | nothing

# Who may not send may not mention all, attach, embed or ask either
@ view mention                      |                                | | view
@ view files                        |                                | | view
@ view embeds                       |                                | | view
@ view polls                        |                                | | view
@ view mention files embeds polls   |                                | | view
@ view send mention files embeds    | @ -send                        | | view
@ view send files, red              | red -send                      | | view
@ view send files polls             | me -send                       | | view
@ view send mention polls           | me -send                       | | view
@ view files                        | @ +send                        | | view send files
@ view                              | me +files                      | | view
@ view                              | me +send +files                | | view send files
@ view send history react start     | @ -send                        | | view history react start
@ view send messages pin            | @ -send                        | | view messages pin
@ view send kick ban timeout        | @ -send                        | | view kick ban timeout
@ view send threads slow nick       | @ -send                        | | view threads slow nick

# In a thread another permission sends; the overwrites are the channel's
@ view threads                      |                       | thread | view threads
@ view send                         |                       | thread | view send
@ view send files                   |                       | thread | view send
@ view threads files                |                       | thread | view threads files
@ view threads files embeds polls   |                       | thread | view threads files embeds polls
@ view threads mention              |                       | thread | view threads mention
@ view send mention polls           |                       | thread | view send
@ view send threads files           | @ -send               | thread | view threads files
@ view send threads files           | @ -threads            | thread | view send
@ view send threads files           | @ -threads            |        | view send files
@ view send threads files           | @ -send               |        | view threads
@ view threads                      | @ -view               | thread | nothing
@, red                              | red +view +threads    | thread | view threads
@ view threads, red                 | red -threads          | thread | view
@ view, red                         | @ -threads, red +threads | thread | view threads
@ view threads                      | me -threads           | thread | view
@ view                              | me +threads +files    | thread | view threads files
@ view threads                      | bob -threads          | thread | view threads
@ view threads, (green)             | green -threads        | thread | view threads

# Administrators may do everything, whatever the channel says
@, red admin                        |                                | | all
@ admin                             |                                | | all
@ view, red admin                   | @ -view                        | | all
@ view, red admin                   | red -view -send                | | all
@ view, red admin                   | me -view -send                 | | all
@, red admin                        | me -view                 | thread | all
@, red admin, blue                  | red -admin, blue -view         | | all
@ view, (green) admin               |                                | | view
@, (green) admin                    |                                | | nothing
@ view send                         | me +admin                      | | view send
@ view, red                         | red +admin                     | | view
@ view                              | @ +admin                       | | view
@, red admin                        | @ -admin                       | | all
@, red admin                        |                         | server | all

# So may the owner
@                                   |                          | owner | all
@ view                              | @ -view                  | owner | all
@ view                              | me -view -send           | owner | all
@, red                              | red -view                | owner | all
@                                   |                   | owner thread | all
@                                   |                   | owner server | all

# Who is timed out only reads; it does not hold administrators and the owner
@ view history send files           |                      | timed-out | view history
@ view send react threads start     |                      | timed-out | view
@ view history kick ban roles       |                      | timed-out | view history
@ view history send                 | @ -view              | timed-out | nothing
@ view history send                 | @ -history           | timed-out | view
@ view history                      | me +send +messages   | timed-out | view history
@                                   | me +view +send       | timed-out | view
@ view history threads              |               | timed-out thread | view history
@, red admin                        |                      | timed-out | all
@, red admin                        | me -send             | timed-out | all
@                                   |                | timed-out owner | all
@ send files                        |                      | timed-out | nothing

# In the server itself there are no overwrites, and nothing is implied
@ view send                         |                         | server | view send
@                                   |                         | server | nothing
@ send                              |                         | server | send
@ files mention                     |                         | server | files mention
@, red kick                         |                         | server | kick
@ view, red ban, blue timeout       |                         | server | view ban timeout
@, (green) kick                     |                         | server | nothing
@ view send                         | @ -view -send           | server | view send
@ view                              | me +kick                | server | view
@ view history send kick            |               | timed-out server | view history
@ send invite nick                  |               | timed-out server | nothing
@, red admin                        |               | timed-out server | all

# Who is not a member may do nothing, whatever everyone may
@ view send                         |                       | stranger | nothing
@ admin                             |                       | stranger | nothing
@                                   | @ +view               | stranger | nothing
@                                   | me +view +send        | stranger | nothing
@ view send                         |                | stranger thread | nothing
@ view send                         |                | stranger server | nothing
`
