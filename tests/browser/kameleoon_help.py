"""Kameleoon's own snippets, as its help has them ("Integrate Kameleoon with Segment")."""

#: Step 4, the global custom script, as it stands there.
IDENTIFIER = """
Kameleoon.API.Core.runWhenConditionTrue(
  () => window.analytics && window.analytics.track && window.analytics.user,
  () => {
    const linked = window.localStorage.getItem('k_segmentio_identifier');
    if (linked && linked === window.analytics.user().anonymousId()) return;
    window.localStorage.setItem('k_segmentio_identifier', window.analytics.user().anonymousId());
    window.analytics.track('Kameleoon identifier', {'k_visitorCode': Kameleoon.API.Visitor.code})
  }
);
"""
# Step 5, the code of three custom data, corrected where they could not run:
# - `user_id` is declared once, of the two lines that the article offers the visitor code's: two are a SyntaxError;
# - each keeps its own object (there: `window.k_segmentIO` for all): with one `runtime` flag only the first one fetches,
#   and the bridge sets that flag, so that snippets left in Kameleoon fetch nothing.
PERSONAS = """
window.k_personas = window.k_personas || {};
if(!window.k_personas.runtime)
{
    window.k_personas.runtime = true;
    const user_id = Kameleoon.API.Visitor.code;
    Kameleoon.API.Data.retrieveDataFromRemoteSource(`COHORTS_${user_id}`, cohorts => {     window.k_personas.cohorts = cohorts && cohorts !== '{}' ? Object.keys(cohorts).filter(key => cohorts[key]) : []; });
}
if(!window.k_personas.cohorts || !window.k_personas.cohorts.length) return;
return {"value": window.k_personas.cohorts, "overwrite": true};
"""  # noqa: E501
TRAIT = """
window.k_trait = window.k_trait || {};
if(!window.k_trait.runtime)
{
    window.k_trait.runtime = true;
    const user_id = Kameleoon.API.Visitor.code;
    Kameleoon.API.Data.retrieveDataFromRemoteSource(`IDENTIFY_${user_id}`, segment_identify_properties => {
         if(segment_identify_properties && segment_identify_properties.traits && segment_identify_properties.traits.plan){
             window.k_trait.plan = segment_identify_properties.traits.plan;
        }
    });
}
if(!window.k_trait.plan) return;
return {"value": window.k_trait.plan, "overwrite": true};
"""  # noqa: E501
GROUP = """
window.k_group = window.k_group || {};
if(!window.k_group.runtime)
{
    window.k_group.runtime = true;
    const user_id = Kameleoon.API.Visitor.code;
    Kameleoon.API.Data.retrieveDataFromRemoteSource(`IDENTIFY_${user_id}`, segment_identify_properties => {
        if(segment_identify_properties && segment_identify_properties.groupId){
            window.k_group.groupId = segment_identify_properties.groupId;
        }
    });
}
if(!window.k_group.groupId) return;
return {"value": window.k_group.groupId, "overwrite": true};
"""
